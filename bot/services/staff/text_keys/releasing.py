"""What staff read about pictures and files, second pairs of eyes, audiences with names, and when a message leaves."""

from __future__ import annotations

KEYS = """
media.photo
media.document name
media.too_long n language
media.how
media.another
media.exchange
media.album
media.fault_kind
media.fault_type
media.fault_empty
media.fault_size
toast.detached
toast.handed_in
toast.sent_back
toast.too_long
button.media
button.detach
button.look
button.hand_in
button.take_back
button.second_yes
button.second_no
button.groups
button.keep_group
button.use_group
button.rename
button.drop_group
letter.asked number
letter.refused number
letter.released number
release.needed
release.nobody
release.waits name
release.refused name
release.by name other
release.why
groups.title
groups.none
groups.one name
groups.name
groups.taken
groups.broken
sending.spread n until
sending.in_front n
sending.last n
sending.later n
broadcast.spread n
broadcast.lacks_caption
broadcast.answering_both
progress.when
progress.window when number
progress.later number
reason.not_in_audience
"""
