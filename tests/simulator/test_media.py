"""Pictures and files by their id: what may be sent as what, and what stands below them."""

from __future__ import annotations

import pytest

from tests.phones import Phones
from tests.simulator.conftest import Api

Json = dict[str, object]


async def test_what_a_person_sent_goes_to_another_by_its_id(api: Api, phones: Phones) -> None:
    anna, bela = await phones.new("Anna", "de"), await phones.new("Bela", "de")
    await bela.start()
    await anna.send_picture("fest.png", b"picture")
    await anna.send_file("plan.pdf", b"paper!", "application/pdf")
    picture = anna.state["messages"][-2]["photo"][-1]["file_id"]
    paper = anna.state["messages"][-1]["document"]["file_id"]
    assert (await api.call("getFile", file_id=picture))["file_size"] == 7
    sent = await api.call("sendPhoto", chat_id=bela.id, photo=picture, caption="Komm!")
    assert (sent["photo"][-1]["file_id"], sent["caption"]) == (picture, "Komm!")
    sent = await api.call("sendDocument", chat_id=bela.id, document=paper, caption="Lies!")
    assert sent["document"]["file_name"] == "plan.pdf"
    changed = await api.call(
        "editMessageCaption", chat_id=bela.id, message_id=sent["message_id"], caption="Lies das!"
    )
    assert (changed["caption"], changed["document"]["file_id"]) == ("Lies das!", paper)
    media = {"type": "photo", "media": picture, "caption": "Sieh!"}
    changed = await api.call("editMessageMedia", chat_id=bela.id, message_id=sent["message_id"], media=media)
    assert (changed["caption"], changed["photo"][-1]["file_id"]) == ("Sieh!", picture)
    assert "document" not in changed
    copy = {"from_chat_id": bela.id, "message_id": sent["message_id"], "caption": "Lea: Sieh!"}
    await api.call("copyMessage", chat_id=anna.id, **copy)
    await anna.settled(lambda seen: seen.state["messages"][-1].get("caption") == "Lea: Sieh!", "the copy's own words")


@pytest.mark.parametrize(
    ("method", "more", "words"),
    [
        ("sendPhoto", {"photo": "{paper}"}, "can't use file of type Document as Photo"),
        ("sendDocument", {"document": "{picture}"}, "can't use file of type Photo as Document"),
        ("sendPhoto", {"photo": "file:99"}, "wrong file identifier"),
        ("sendPhoto", {"photo": "{picture}", "caption": "a" * 1025}, "message caption is too long"),
        ("editMessageText", {"message_id": "{shown}", "text": "Anders"}, "there is no text in the message to edit"),
        ("editMessageCaption", {"message_id": "{shown}", "caption": "Komm!"}, "message is not modified"),
        ("editMessageCaption", {"message_id": "{said}", "caption": "Komm!"}, "there is no caption in the message"),
        ("editMessageCaption", {"message_id": 9999, "caption": "Komm!"}, "message to edit not found"),
    ],
)
async def test_what_does_not_fit_is_refused(api: Api, phones: Phones, method: str, more: Json, words: str) -> None:
    anna = await phones.new("Anna", "de")
    await anna.send_picture("fest.png", b"picture")
    await anna.send_file("plan.pdf", b"paper!", "application/pdf")
    places: Json = {
        "{picture}": anna.state["messages"][-2]["photo"][-1]["file_id"],
        "{paper}": anna.state["messages"][-1]["document"]["file_id"],
    }
    shown = await api.call("sendPhoto", chat_id=anna.id, photo=places["{picture}"], caption="Komm!")
    said = await api.call("sendMessage", chat_id=anna.id, text="Hallo")
    places |= {"{shown}": shown["message_id"], "{said}": said["message_id"]}
    given = {name: places.get(str(value), value) for name, value in more.items()}
    code, refusal = await api.refused(method, chat_id=anna.id, **given)
    assert code == 400
    assert words in refusal
