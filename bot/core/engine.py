"""Walking through a questionnaire: `start`, `answer`, `back`, `forward`, `change`, `resume`.

The state holds every answer a person ever gave and where the card is; everything else follows from it:

- A question *applies* where its `ask_if` holds over the answers that count. An answer *counts* where its question
  applies and its value is still valid for the question. The others are kept aside: they come back by themselves
  when the person changes their mind again, and count for nothing until then.
- The *path* is every applicable question in order. The *frontier* is its first question without a counting answer;
  None where there is none: the summary.
- Answering moves to the frontier. `back` and `forward` move along the path without changing an answer, and are each
  other's opposite. `change` jumps from the summary to one question; answering it leads to the frontier, which is
  the summary again if no dependent question opened.

Engine functions say what happened, they do nothing themselves.
"""
