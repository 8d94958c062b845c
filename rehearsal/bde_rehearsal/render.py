"""JSON templates: `{{path.to.value|filter}}` in strings, `$each` over lists, `$first` of what is there."""

import re

PLACE = re.compile(r'\{\{\s*([^{}|\s]+)\s*(?:\|\s*(\w+)\s*)?\}\}')


def number(value):
    return float(value) if value is not None else 0.0


def shown_flags(flags):
    """Flags that are set, as text; of an address only its `url`, which holds no credentials."""
    return {name: shown_flag(value) for name, value in flags.items() if value is not None}


def shown_flag(value):
    if isinstance(value, dict):
        return value['url']
    return str(value).lower() if isinstance(value, bool) else str(value)


FILTERS = {
    'shownFlags': shown_flags,
    'number': number,
    'activeCount': lambda members: sum(1 for member in members if member['active']),
    'inactiveCount': lambda members: sum(1 for member in members if not member['active']),
    'routable': lambda address: None if address == '0.0.0.0' else address,
    # An IPv4 address as the integer that its four bytes are in memory, little endian.
    'addressNumber': lambda address: int.from_bytes(bytes(map(int, address.split('.'))), 'little'),
}


def render(template, context):
    """The template with its places filled in. A string that is one place only keeps the type of its value."""
    if isinstance(template, str):
        return render_text(template, context)
    if isinstance(template, list):
        return [render(item, context) for item in template]
    if isinstance(template, dict):
        return render_object(template, context)
    return template


def render_object(template, context):
    if '$each' in template:
        items = look_up(context, template['$each'], None)
        return [render(template['$as'], {**context, 'item': item}) for item in items]
    if '$first' in template:
        values = (render(option, context) for option in template['$first'])
        return next((value for value in values if value not in (None, '')), None)
    return {key: render(value, context) for key, value in template.items()}


def render_text(template, context):
    whole = PLACE.fullmatch(template)
    if whole:
        return look_up(context, whole[1], whole[2])
    return PLACE.sub(lambda match: shown(look_up(context, match[1], match[2])), template)


def shown(value):
    return '' if value is None else str(value)


def look_up(context, path, filter_name):
    """The value at a dotted path; None where a part of it is not there."""
    value = context
    for part in path.split('.'):
        value = value.get(part) if isinstance(value, dict) else None
    return FILTERS[filter_name](value) if filter_name else value
