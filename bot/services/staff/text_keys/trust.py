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
factor.scan
factor.paper
factor.paper_left n
factor.paper_none
factor.codes
factor.code number code
factor.codes_what
factor.ask
factor.ask_paper
factor.lost
factor.locked until
factor.six
factor.neither
factor.wrong n
factor.too_many
factor.done
danger.export
danger.erase
danger.broadcast
danger.rights
button.factor_begin
button.factor_drop
button.factor_picture
button.factor_codes
button.factor_written
button.factor_reset
toast.factor_needed
toast.factor_off
notice.factor_reset
notice.factor_code_used n
member.factor date
"""
"""A line for each text: its key and its placeholders."""
