"""What staff read about a second factor."""

from __future__ import annotations

KEYS = """
factor.entry
factor.title
factor.what over
factor.required what
factor.none
factor.since day
factor.new
factor.step_app
factor.step_key secret
factor.step_link link
factor.step_code
factor.keep
factor.ask
factor.lost
factor.locked until
factor.six
factor.wrong n
factor.too_many
factor.done
danger.export
danger.erase
danger.broadcast
danger.rights
button.factor_begin
button.factor_drop
button.factor_reset
toast.factor_needed
toast.factor_off
notice.factor_reset
member.factor date
"""
"""A line for each text: its key and its placeholders."""
