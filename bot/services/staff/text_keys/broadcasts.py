"""What staff read about broadcasts."""

from __future__ import annotations

KEYS = """
audience.line line
audience.fault_yaml
audience.fault_shape
audience.fault_joint about
audience.fault_name about
audience.fault_compare about
audience.fault_option about
audience.fault_number about
audience.fault_month about
audience.fault_list
audience.fault_flag
audience.fault_unsure about
audience.fault_other about
audience.fault_sensitive about
audience.near near
leads.title n number
leads.how
leads.none
leads.since since
leads.partner name
leads.state_open
leads.state_called
leads.state_won
leads.state_lost
leads.told number
leads.nudge number
broadcasts.title
broadcasts.none
broadcasts.unnamed number
broadcasts.named name
broadcast.title number
broadcast.about title
broadcast.answering_interest
broadcast.answering_offer
broadcast.link link
broadcast.partner name
broadcast.useful until
broadcast.joining
broadcast.reached n
broadcast.waiting n names
broadcast.in_german n
broadcast.lacks_text
broadcast.lacks_release
broadcast.lacks_over
broadcast.lacks_offer
broadcast.ask_stop n
broadcast.ask_fill n
broadcast.ask_recall n
progress.changed done total waiting
progress.changed_all done total
wording.changed
doubt.outdated
doubt.lost
doubt.doubled
doubt.strange
doubt.markup
doubt.numbers
doubt.same
doubt.script
doubt.length
doubt.german
failure.timeout
failure.unreachable
failure.refused
failure.quota
failure.unreadable
failure.unsupported_language
failure.empty
stage.scheduled
stage.sending
stage.sent
stage.paused
stage.stopped
stage.filled
stage.recalled
progress.pace n sent
progress.planning
progress.bar bar done total
progress.planned number
progress.sent number
progress.blocked number
progress.failed number
progress.skipped number
progress.unknown number
progress.why
progress.reason number what
reason.blocked
reason.too_late
reason.muted
reason.no_consent
reason.quiet
reason.cap
reason.language
reason.offer_gone
reason.not_wanted
reason.stopped
reason.restricted
reason.filled
reason.recalled
reason.other
doubted.title n number
doubted.how
doubted.nobody
wordings.how
wording.title language number
wording.below language
wording.machine
wording.draft
wording.released name
wording.write
wording.rewrite
audience.cap number
audience.pasted
audience.gone
audience.near_miss number what
audience.some people
audience.closed
audience.paste
audience.title number
audience.everybody
audience.with label values
audience.without label values
audience.at_least label values
audience.below label values
audience.either
audience.together lines
audience.how_joint
audience.search
audience.found words
audience.not_found words
audience.ask label
audience.how
audience.how_ranked
audience.languages each
audience.language number name
audience.excluded number what
sending.title number
sending.people n
sending.phones n
sending.nobody
sending.takes n
sending.cap cap
sending.at at
sending.out n number
"""
