"""The steps that lie between an alert and its messages, in their order."""

from alerts.pipeline import Step
from alerts.steps.deduplicate import Deduplicate
from alerts.steps.group import Gather
from alerts.steps.inhibit import Inhibit
from alerts.steps.quiet_hours import QuietHours
from alerts.steps.silence import Silenced
from config import Config

INHIBIT = Inhibit()


def steps_of(config: Config) -> tuple[Step, ...]:
    """The steps of a configuration."""
    return (
        Deduplicate(),
        INHIBIT,
        Silenced(),
        QuietHours(config.quiet.hours, config.zone),
        Gather(),
    )
