"""What is said around the questionnaire, and on every card."""

from __future__ import annotations

KEYS = """
language.name
language.ask
language.missing
age.ask
age.why
age.yes
age.no
young.text
young.who who
young.how
young.stored
young.code code until
button.young_code
button.old_enough
consent.ask
consent.yes
consent.no
consent.more
consent.next
consent.start
consent.end
consent.anew
consent.changed
consent.purpose text title
consent.recipients recipients
consent.retention retention
consent.given
consent.withdrawn
refused.text
card.head bar n section total
card.ask question
card.why why
card.head_statement bar section
card.answer value
card.again month value
card.changed
card.month example
card.month_of year
card.list
card.found words
card.not_found words
button.back
button.forward
button.skip
button.decline
button.pause
button.done
button.save_change
button.without_change
button.resume
button.map
button.profile
button.privacy
button.read
button.own_words
button.years
button.kept
button.more
button.now
button.later
button.still
button.go
button.changed
answer.yes
answer.no
problem.not_an_option
problem.not_understood
problem.too_few n
problem.too_many n
problem.not_a_number
problem.out_of_range maximum minimum
problem.empty
problem.too_long n
problem.not_optional
problem.not_sensitive
problem.wrong_kind
problem.nothing_asked
problem.not_a_month
problem.out_of_years maximum minimum
problem.not_found
notice.welcome_back
notice.use_buttons
notice.old_card
notice.one_message
notice.file_too_large
notice.only_words
notice.forwarded
notice.edited
notice.unknown_command
notice.foreign
notice.start_again
notice.first_consent
summary.title
summary.unfinished
summary.line label value
summary.skipped
summary.declined
summary.skipped_sentence label
summary.declined_sentence label
summary.confirm
done.title
done.next what
done.who who within
done.office name
done.more n
done.ask
again.title
again.line month sentence
again.ask
again.tap
again.thanks
more.title n
more.why
time.town town when
command.offers
command.events
command.mine
command.settings
paused.text
help.text
help.commands
imprint.title
imprint.operator operator
imprint.responsible responsible
privacy.title
privacy.officer officer
privacy.since date title
privacy.refused title
privacy.switches
forget.ask
forget.yes
forget.no
forget.done
forget.nothing
trouble.text
group.text
command.start
command.profile
command.language
command.pause
command.privacy
command.help
command.forget
command.imprint
bot.description
bot.about
"""
