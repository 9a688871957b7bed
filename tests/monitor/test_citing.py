"""What the log says of instruments that articles name for the first time."""

from archives import Places
from classified_archives import later, publish

from monitor.citing import CitationsStage
from monitor.stages import run_stages


def test_decrees_of_one_number_from_two_years_are_told_apart(places: Places) -> None:
    archive = places.open("archive")
    publish(archive, "Nghị định 77/2031/NĐ-CP thay thế Nghị định 77/2027/NĐ-CP")
    run_stages(archive, [CitationsStage()], later())
    with archive.reading() as tx:
        said = [event.data for event in tx.events.since(None, ["instrument.named"])]
    archive.close()
    assert [(one["type"], one["number"]) for one in said] == [
        ("decree", "77/2031/NĐ-CP"),
        ("decree", "77/2027/NĐ-CP"),
    ]
