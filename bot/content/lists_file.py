"""`lists/<name>.yaml`: places, professions, and anything else too long for buttons that is found by typing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.nodes import Table
from bot.content.reader import ID, OPTION_ID, Reader


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list. Conditions can name its `tags`."""

    id: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list. Texts of its items are `list.<name>.<item>`, more words for them `list.<name>.<item>.also`."""

    name: str
    items: tuple[Item, ...]

    def tagged(self, tag: str) -> tuple[str, ...]:
        """The ids of the items with a tag."""
        return tuple(item.id for item in self.items if tag in item.tags)

    @property
    def tags(self) -> frozenset[str]:
        """Every tag of the list."""
        return frozenset().union(*(item.tags for item in self.items))


def read_list(reader: Reader, root: Table, name: str) -> ItemList:
    """The items that can be read. What cannot be read is a fault in the reader's report."""
    reader.keys(root, ("items",), (), "A list")
    items: dict[str, Item] = {}
    for table in reader.tables(root, "items"):
        reader.keys(table, ("id", "text"), ("also", "tags"), "An item")
        item_id = reader.ident(table, items, OPTION_ID)
        if item_id is None:
            continue
        reader.text(table, "text", f"list.{name}.{item_id}")
        reader.text(table, "also", f"list.{name}.{item_id}.also")
        tags = reader.strings(table, "tags")
        for tag in tags:
            if not ID.fullmatch(tag):
                reader.error(table.lines["tags"], f"'{tag}' is no tag", "Use small letters, digits and _")
        items[item_id] = Item(item_id, frozenset(tags))
    return ItemList(name, tuple(items.values()))
