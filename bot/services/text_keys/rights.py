"""What `/privacy` and `/mydata` say: what is stored, who works with it, and all of it as files."""

from __future__ import annotations

KEYS = """
button.stored
button.services
button.mydata
privacy.services
privacy.service_telegram
privacy.service_host operator
privacy.service_machine
privacy.partners
interest.gone
translator.deepl
translator.google
translator.mymemory
translator.libretranslate
forget.proof
still.ask
still.here
mydata.coming
mydata.caption_html
mydata.caption_json
mydata.title
mydata.about project when
mydata.column_when
mydata.column_what
mydata.column_words
mydata.nothing
mydata.value value
mydata.seen_it
mydata.agreed language version
mydata.withdrawn when
command.mydata
mydata.part_person
mydata.part_answers
mydata.part_former
mydata.part_consents
mydata.part_seats
mydata.part_attendance
mydata.part_unwanted
mydata.part_interests
mydata.part_path
mydata.part_messages
mydata.part_talks
mydata.part_notes
mydata.part_looks
mydata.chat
mydata.number
mydata.language
mydata.source
mydata.seen
mydata.name
mydata.quiet
mydata.cap
mydata.zone
mydata.muted
mydata.begun
mydata.seat_requested
mydata.seat_registered
mydata.seat_waiting
mydata.seat_held
mydata.seat_ended
mydata.came_present
mydata.came_excused
mydata.came_absent
mydata.kind_talk
mydata.kind_notice
mydata.kind_reminder
mydata.kind_broadcast
mydata.thing_photo
mydata.thing_voice
mydata.thing_document
mydata.thing_location
mydata.thing_other
mydata.by_person
mydata.by_staff
mydata.by_note
mydata.by_event
mydata.team_looked
mydata.team_did
breach.title
breach.read day
breach.lost day
breach.changed day
breach.data what
breach.means_read
breach.means_lost
breach.means_changed
breach.done
breach.ask officer
privacy.processors
privacy.processor name seat work
processor.host
processor.database
processor.backups
processor.translation
processor.support
restricted.on
restricted.off
privacy.restricted date
forget.by_team
forget.by_team_other
"""
