"""What staff read about partners, and what partners read."""

from __future__ import annotations

KEYS = """
button.partners
button.partner name
button.partner_invite
button.partner_end
button.partner_called
button.partner_won
button.partner_lost
partners.title
partners.none
partners.how
partners.one name
partners.no_chat
partners.invited day
partners.waiting name
partners.check
partners.living name day
partners.lost day
partners.ask_end name
partner.link link name
partner.typed link name
partner.there_is_one
partner.welcome name
partner.waits name
partner.confirmed
partner.ended
partner.here
partner.lead title
partner.name name
partner.nameless
partner.reach phone email number
partner.until until
partner.said_called
partner.said_won
partner.said_lost
partner.taken_back
notice.partner_waiting
notice.partner_lost
notice.partner_left
toast.partner_confirmed
toast.partner_ended
leads.partner_not_told
leads.partner_on_way
leads.partner_told at
leads.partner_said at state
deed.partner_confirmed
deed.partner_ended
deed.partner_told
deed.partner_said
audit.partner name
"""
