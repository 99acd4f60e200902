"""The outbox: deliveries from planned to their one end."""
