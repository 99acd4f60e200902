"""Checks a JSON document against a JSON Schema, as far as our schemas need."""

from __future__ import annotations

from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(data: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """Where the data break the schema. A key that it does not name is a fault, too."""
    if "const" in schema and data != schema["const"]:
        return [f"{place}: {data!r}"]
    if "enum" in schema and data not in schema["enum"]:
        return [f"{place}: {data!r}"]
    wanted = schema.get("type", [])
    named = [wanted] if isinstance(wanted, str) else wanted
    if named and not any(
        isinstance(data, TYPES[one]) and (one == "boolean") is isinstance(data, bool) for one in named
    ):
        return [f"{place}: {data!r} is no {wanted}"]
    found: list[str] = []
    if isinstance(data, dict):
        found += [f"{place}: {key} is missing" for key in schema.get("required", []) if key not in data]
        properties, more = schema.get("properties", {}), schema.get("additionalProperties")
        for key, value in data.items():
            below = properties.get(key, more)
            found += [f"{place}: {key} is not named"] if below is None else faults(value, below, f"{place}.{key}")
    if isinstance(data, list):
        for number, value in enumerate(data):
            found += faults(value, schema["items"], f"{place}[{number}]")
    return found
