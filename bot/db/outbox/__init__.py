"""The outbox: deliveries from planned to their final state."""
