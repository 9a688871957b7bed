"""Tell: rules raise alerts, the outbox delivers them."""
