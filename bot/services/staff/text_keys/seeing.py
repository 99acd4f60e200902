"""How the bot is, and what goes wrong with it."""

from __future__ import annotations

KEYS = """
button.status
button.status_again
status.title
status.well
status.last_update when
status.inbox parked waiting
status.outbox due planned
status.database revision size
status.processes leads number
status.running since version
status.polling
status.webhook
status.backup when
status.translator engine
status.disk free
status.nobody
status.no_backup
status.no_translator
status.unknown
alarm.deliveries failed tried
alarm.deliveries_over since
alarm.late since
alarm.late_over since
alarm.translation
alarm.translation_over since
alarm.backup since
alarm.backup_over since
alarm.disk free
alarm.disk_over since
alarm.parked number
alarm.away since
alarm.parked_over since
"""
