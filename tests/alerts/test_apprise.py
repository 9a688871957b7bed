"""Services by Apprise, with one of its plain HTTP services on loopback as the other side."""

import pytest
from apprise_stand_in import Service
from messages import message, note
from newsdesk import configuration

from alerts.channels import open_channels
from alerts.channels.channel import DeliveryError, SecretMissing

CHANNELS = ({"id": "phones", "kind": "apprise", "url_env": "WATCH_SERVICES"},)


def channel(*addresses):
    return open_channels(configuration(channels=CHANNELS), {"WATCH_SERVICES": " ".join(addresses)})[
        "phones"
    ]


def test_a_service_gets_title_and_text():
    with Service() as service:
        channel(service.address("a")).send(message(title="Một <tin> & hai", changes=(note(),)))
    ((_, said),) = service.taken
    assert said["title"] == "[MAJOR] Một <tin> & hai"
    assert "trong [-48-]{+24+} giờ" in said["message"]
    assert said["type"] == "warning"


def test_a_service_that_did_not_take_it_is_asked_again_without_the_others():
    with Service(b=[500]) as service:
        both = channel(service.address("a"), service.address("b"))
        with pytest.raises(DeliveryError, match=r"service 2 \(JSON\)") as raised:
            both.send(message())
        assert not raised.value.permanent
        answer = both.send(message(sent_parts=raised.value.facts))
    assert [name for name, _ in service.taken] == ["a", "b"]
    assert answer.facts == {"services": [1, 2]}


def test_no_error_tells_an_address(caplog):
    with Service(a=[403]) as service, pytest.raises(DeliveryError) as raised:
        channel(service.address("a")).send(message())
    assert "sesame" not in str(raised.value) + caplog.text
    with pytest.raises(SecretMissing) as refused:
        channel("nowhere://sesame@x")
    assert "sesame" not in str(refused.value) + caplog.text
    assert "number 1 in WATCH_SERVICES" in str(refused.value)


def test_its_addresses_come_from_the_environment():
    with pytest.raises(SecretMissing, match="WATCH_SERVICES"):
        open_channels(configuration(channels=CHANNELS), {})
