"""Reads a whole content folder. Bad content never raises: all of its faults are returned at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content import outside
from bot.content.answers_file import read_answers
from bot.content.catalogue import Catalogue, Entry, read_catalogue
from bot.content.checks import check_catalogue, check_limits, check_sources, state_of
from bot.content.faults import Fault, Level, Report
from bot.content.forms_file import FOLDER as FORMS_FOLDER
from bot.content.forms_file import read_form
from bot.content.glossary_file import read_glossary
from bot.content.lists_file import ItemList, read_list
from bot.content.locales import SOURCE_LANGUAGE, own_name
from bot.content.needs_file import read_needs
from bot.content.nodes import Table, read_table
from bot.content.offers_file import read_offers
from bot.content.path_file import read_path
from bot.content.processors_file import unnamed
from bot.content.questionnaire_file import read_questionnaire
from bot.content.reader import ID, Reader, Source, read_ui
from bot.content.reminders_file import read_reminders
from bot.content.search import Finder
from bot.content.texts import MARK, Texts, Translation
from bot.content.town import Town
from bot.content.town_file import read_town
from bot.core.glossary import Glossary
from bot.core.needs import Axes
from bot.core.offers import Offer
from bot.core.questionnaire import Questionnaire
from bot.core.reminders import Rule
from bot.core.road import Road

OFFERS, REMINDERS, NEEDS, GLOSSARY = "offers.yaml", "reminders.yaml", "needs.yaml", "glossary.yaml"
PATH, ANSWERS = "path.yaml", "answers.yaml"
STAFF, STAFF_CHAT = "staff.yaml", "chat"
"""What staff read, and the part of it for the chat. German only, so there are no catalogues."""
OWN_NAME = "ui.language.name"
"""A language's own name. People choose by it. If it is not translated yet, it comes from CLDR."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a town may change, complete and checked."""

    town: Town
    questionnaire: Questionnaire
    texts: Texts
    languages: tuple[str, ...]
    finders: Mapping[str, Finder]
    revision: str
    """A name for this state of all files together."""
    offers: Mapping[str, Offer] = field(default_factory=dict)
    """By id, in the file's order."""
    reminders: Mapping[str, Rule] = field(default_factory=dict)
    forms: Mapping[str, Questionnaire] = field(default_factory=dict)
    """What staff are asked in the chat, by the name of the form."""
    needs: Axes | None = None
    """The questions of the needs board. None if the town has no board."""
    glossary: Glossary = ()
    road: Road | None = None
    """The steps to people's goals. None if the town has none."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """The titles of the team's ready answers, by id."""
    files: Content | None = None
    """The content of the files alone, if words of staff override it."""
    said: int = 0
    """Counts the words of staff that override the files."""

    def finder(self, name: str) -> Finder:
        """The search in a list."""
        return self.finders[name]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of loading. `content` is None exactly if one of the faults is an error."""

    content: Content | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the YAML files hold. `by_folder`: the German texts of each folder that has its own PO files."""

    town: Town | None
    questionnaire: Questionnaire | None
    lists: Mapping[str, ItemList]
    by_folder: Mapping[str, Mapping[str, Source]]
    offers: Mapping[str, Offer] = field(default_factory=dict)
    reminders: Mapping[str, Rule] = field(default_factory=dict)
    staff: Mapping[str, Source] = field(default_factory=dict)
    forms: Mapping[str, Questionnaire] = field(default_factory=dict)
    needs: Axes | None = None
    glossary: Glossary = ()
    road: Road | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that need translations."""
        languages = self.town.languages if self.town else ()
        return tuple(language for language in languages if language != SOURCE_LANGUAGE)


def load(folder: Path, town: str, service: str | None = None) -> Loaded:
    """The content of one town, with every fault in it. Never raises for bad content.

    `service`: the external translator that may see people's words, if they agree. None if there is none.
    """
    report, in_translations = Report(), Report()
    sources = read_sources(folder, town, report)
    entries: dict[str, dict[str, Entry]] = {}
    translations: dict[str, dict[str, Translation]] = {}
    for language in sources.languages:
        entries[language], translations[language] = _read_language(folder, sources, language, in_translations)
    # If German texts could not be read, their translations look superfluous. That is not reported.
    unread = any(fault.level is Level.ERROR for fault in report.found)
    report.found += [f for f in in_translations.found if f.level is Level.ERROR or not unread]
    every = {key: source for texts in sources.by_folder.values() for key, source in texts.items()}
    every |= sources.staff
    if sources.questionnaire:
        check_limits(sources.questionnaire, every, entries, report)
    if sources.town is not None and unnamed(sources.town, service):
        what = f"Texts go to the translator {service}, and 'processors' names nobody who translates"
        mend = "Add an entry with 'work: translation': people read it under /privacy"
        report.add(f"{town}/town.yaml", 1, what, mend, Level.WARNING)
    faults = report.in_order()
    wrong = any(fault.level is Level.ERROR for fault in faults)
    if wrong or sources.town is None or sources.questionnaire is None:
        return Loaded(None, faults)
    languages = sources.town.languages
    said = {language: outside.named_in(one, service) for language, one in translations.items()}
    texts_ = Texts(languages, outside.named(every, service), said)
    content = Content(
        town=outside.asked(sources.town, service),
        questionnaire=sources.questionnaire,
        texts=texts_,
        languages=languages,
        finders={name: Finder(texts_, one) for name, one in sources.lists.items()},
        revision=_revision(folder, town, sources),
        offers=sources.offers,
        reminders=sources.reminders,
        forms=sources.forms,
        needs=sources.needs,
        glossary=sources.glossary,
        road=sources.road,
        answers=sources.answers,
    )
    return Loaded(content, faults)


def _read_language(
    folder: Path, sources: Sources, language: str, report: Report
) -> tuple[dict[str, Entry], dict[str, Translation]]:
    """What the PO files of a language hold, and the translations that count."""
    entries: dict[str, Entry] = {}
    translations: dict[str, Translation] = {OWN_NAME: ((own_name(language),), _always_first)}
    for part, texts in sources.by_folder.items():
        catalogue = read_translations(folder, part, language, report)
        if catalogue:
            check_catalogue(texts, catalogue, language, report)
            entries |= catalogue.entries
            translations |= _translated(texts, catalogue)
    return entries, translations


def _revision(folder: Path, town: str, sources: Sources) -> str:
    """A name for the state of every file that the content was read from."""
    names = {source.file for texts in (*sources.by_folder.values(), sources.staff) for source in texts.values()}
    names |= {po_name(part, language) for part in sources.by_folder for language in sources.languages}
    names |= {f"{town}/{NEEDS}"} if sources.needs is not None else set()
    names |= {f"{town}/{GLOSSARY}"} if sources.glossary else set()
    digest = hashlib.sha256()
    for name in sorted(names):
        path = folder / name
        digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()[:12]


def read_sources(folder: Path, town: str, report: Report) -> Sources:
    """Reads the YAML files and checks the German texts on their own. Faults go to the report."""
    parts = {name: Reader(name, report) for name in ("ui.yaml", f"{town}/town.yaml", f"{town}/questionnaire.yaml")}
    roots = {name: read_table(folder / name, name, report) for name in parts}
    ui, town_file, questions = parts
    if root := roots[ui]:
        read_ui(parts[ui], root)
    found_town = read_town(parts[town_file], root, town) if (root := roots[town_file]) else None
    lists, in_lists = _read_lists(folder, town, report)
    root = roots[questions]
    questionnaire = read_questionnaire(parts[questions], root, lists) if root else None
    needs = _read_needs(folder, report, found_town, questionnaire, lists)
    extras = needs.extras if needs is not None else None if (folder / town / NEEDS).exists() else ()
    offers, in_offers = _read_offers(folder, report, found_town, questionnaire, lists, extras, needs)
    reminders, in_reminders = _read_reminders(folder, report, found_town, questionnaire, lists)
    road, in_path = _read_path(folder, town, report, questionnaire, lists, offers)
    terms = _optional(folder, town, GLOSSARY, report)
    glossary = read_glossary(*terms) if terms else ()
    answers, in_answers = _read_answers(folder, town, report)
    own = parts[town_file].sources | parts[questions].sources | in_offers | in_reminders | in_path | in_answers
    by_folder = {"": parts[ui].sources, town: own}
    if in_lists:
        by_folder[f"{town}/lists"] = in_lists
    if questionnaire:
        _check_used(report, town, questionnaire, lists)
    forms, in_forms = _read_forms(folder, town, report, questionnaire, lists, extras)
    staff = _read_staff(folder, report) | in_forms
    for texts in (*by_folder.values(), staff):
        check_sources(texts, report)
    if roots[ui]:
        _check_needed(parts[ui], questionnaire, by_folder[town])
    parts_ = (offers, reminders, staff, forms, needs, glossary, road, answers)
    return Sources(found_town, questionnaire, lists, by_folder, *parts_)


def _check_used(report: Report, town: str, questionnaire: Questionnaire, lists: Mapping[str, ItemList]) -> None:
    used = {one.list_name for one in questionnaire.questions}
    for name in (one for one in lists if one not in used and lists[one].items):
        what = f"No question uses the list '{name}'"
        report.add(f"{town}/lists/{name}.yaml", 1, what, "Name it at a question, or remove it", Level.WARNING)


def _read_staff(folder: Path, report: Report) -> dict[str, Source]:
    """The texts that staff read in the chat, as `staff.<section>.<name>`. The export reads the rest of the file."""
    path, reader = folder / STAFF, Reader(STAFF, report)
    root = read_table(path, STAFF, report) if path.exists() else None
    if root is not None and (chat := reader.table(root, STAFF_CHAT)) is not None:
        read_ui(reader, chat, "staff")
    return reader.sources


def _read_forms(
    folder: Path,
    town: str,
    report: Report,
    questionnaire: Questionnaire | None,
    lists: Mapping[str, ItemList],
    extras: Collection[str] | None,
) -> tuple[dict[str, Questionnaire], dict[str, Source]]:
    """The forms of the town, and their texts."""
    forms: dict[str, Questionnaire] = {}
    texts: dict[str, Source] = {}
    for path in sorted((folder / town / FORMS_FOLDER).glob("*.yaml")):
        reader = Reader(f"{town}/{FORMS_FOLDER}/{path.name}", report)
        table = read_table(path, reader.file, report)
        if table is None or questionnaire is None:
            continue
        form = read_form(reader, table, path.stem, questionnaire, lists, extras)
        if form is not None:
            forms[path.stem] = form
        texts |= reader.sources
    return forms, texts


def _read_needs(
    folder: Path,
    report: Report,
    town: Town | None,
    questionnaire: Questionnaire | None,
    lists: Mapping[str, ItemList],
) -> Axes | None:
    """The questions of the needs board. None if the town has no board."""
    if town is None or questionnaire is None:
        return None
    found = _optional(folder, town.id, NEEDS, report)
    return None if found is None else read_needs(*found, questionnaire, lists, town)


def _read_offers(
    folder: Path,
    report: Report,
    town: Town | None,
    questionnaire: Questionnaire | None,
    lists: Mapping[str, ItemList],
    extras: Collection[str] | None,
    needs: Axes | None,
) -> tuple[Mapping[str, Offer], dict[str, Source]]:
    """The offers of the files, with their texts. Empty if the town has none."""
    if town is None or questionnaire is None or (found := _optional(folder, town.id, OFFERS, report)) is None:
        return {}, {}
    levels = () if needs is None else _levels(questionnaire, needs)
    return read_offers(*found, questionnaire, lists, town, extras, levels), found[0].sources


def _read_reminders(
    folder: Path,
    report: Report,
    town: Town | None,
    questionnaire: Questionnaire | None,
    lists: Mapping[str, ItemList],
) -> tuple[Mapping[str, Rule], dict[str, Source]]:
    """The rules of the reminders, with their texts. Empty if the town has none."""
    if town is None or questionnaire is None or (found := _optional(folder, town.id, REMINDERS, report)) is None:
        return {}, {}
    has_path = (folder / town.id / PATH).exists()
    return read_reminders(*found, questionnaire, lists, town, has_path=has_path), found[0].sources


def _read_answers(folder: Path, town: str, report: Report) -> tuple[dict[str, str], dict[str, Source]]:
    """The titles of the team's ready answers, with their texts. Empty if the town has none."""
    found = _optional(folder, town, ANSWERS, report)
    return ({}, {}) if found is None else (read_answers(*found), found[0].sources)


def _levels(questionnaire: Questionnaire, needs: Axes) -> tuple[str, ...]:
    """The levels that the needs board counts."""
    return tuple(one.id for one in questionnaire.by_id[needs.level].options if not one.unsure)


def _read_path(
    folder: Path,
    town: str,
    report: Report,
    questionnaire: Questionnaire | None,
    lists: Mapping[str, ItemList],
    offers: Mapping[str, Offer],
) -> tuple[Road | None, dict[str, Source]]:
    """The steps to people's goals, with their texts. None if the town has none."""
    found = _optional(folder, town, PATH, report) if questionnaire is not None else None
    if questionnaire is None or found is None:
        return None, {}
    return read_path(*found, questionnaire, lists, offers), found[0].sources


def _optional(folder: Path, town: str, name: str, report: Report) -> tuple[Reader, Table] | None:
    """A file that a town may leave out. None if it is missing or cannot be read."""
    path, reader = folder / town / name, Reader(f"{town}/{name}", report)
    root = read_table(path, reader.file, report) if path.exists() else None
    return None if root is None else (reader, root)


def _read_lists(folder: Path, town: str, report: Report) -> tuple[dict[str, ItemList], dict[str, Source]]:
    """Every list of the town, and the texts of all lists."""
    lists: dict[str, ItemList] = {}
    texts: dict[str, Source] = {}
    for path in sorted((folder / town / "lists").glob("*.yaml")):
        file = f"{town}/lists/{path.name}"
        if not ID.fullmatch(path.stem):
            report.add(file, 1, f"'{path.stem}' is no id", "Name the file in small letters, digits and _")
            continue
        reader = Reader(file, report)
        table = read_table(path, file, report)
        lists[path.stem] = read_list(reader, table, path.stem) if table else ItemList(path.stem, ())
        texts |= reader.sources
    return lists, texts


def read_translations(folder: Path, part: str, language: str, report: Report) -> Catalogue | None:
    """The PO file of one folder and language. None, with a warning, if it does not exist yet."""
    name = po_name(part, language)
    if not (folder / name).exists():
        what = f"There are no translations into '{language}'"
        report.add(name, 1, what, "Run 'lotse texts update' and translate the new file", Level.WARNING)
        return None
    return read_catalogue(folder / name, name, language, report)


def po_name(part: str, language: str) -> str:
    """The PO file of a folder and language, relative to the content folder."""
    return f"{part}/locales/{language}.po" if part else f"locales/{language}.po"


def _translated(texts: Mapping[str, Source], catalogue: Catalogue) -> dict[str, Translation]:
    return {
        key: (catalogue.entries[key].forms, catalogue.rule)
        for key, source in texts.items()
        if state_of(source, catalogue.entries.get(key)) == "translated"
    }


def _always_first(_count: int) -> int:
    return 0


def _check_needed(ui: Reader, questionnaire: Questionnaire | None, texts: Mapping[str, Source]) -> None:
    """Checks that the texts exist that this room itself uses."""
    needed = [MARK.key]
    for question in questionnaire.questions if questionnaire else ():
        own = (question.option_key(option.id) for option in question.options)
        if not question.kind.has_options:
            continue
        needed += [f"ui.answer.{key.rpartition('.')[2]}" for key in own if key not in texts]
    for key in dict.fromkeys(needed):
        if key not in ui.sources:
            _, section, name = key.split(".")
            ui.error(1, f"The text '{key}' is missing", f"Add '{name}: ...' under '{section}:'")
