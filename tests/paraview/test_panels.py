"""The panels of all sources and filters, from their XML: groups in the order in which one works, Threads last, units on
what has one, and widgets that appear only when they matter.
usage: test_panels.py ROOT"""
import os
import re
import sys
from xml.etree import ElementTree

folder = os.path.join(sys.argv[1], 'xml', 'proxies')
UNITS = {'nm', 'Da', 'K', '°', '%', 'per nm³', 'per atom', 'ions', 'planes', 'bins', '0 to 1', '0 to 8'}
# what a text on a property says of its unit, and the unit of its label
SAID = ((r'\bin (nm|nanometres)\b|\bradius in nm|nm, inclusive', 'nm'), (r'\bin Da\b', 'Da'), (r'\bin degrees\b', '°'),
        (r'\bper nm\^3\b', 'per nm³'), (r'\bin percent\b', '%'), (r'\b0 to 1\b(?! to)', '0 to 1'))
wrong = []


def words(item):
    return ' '.join((item.findtext('Documentation') or '').split())


def hints(item, name):
    return [] if item.find('Hints') is None else item.find('Hints').findall(name)


def is_shown(item):
    """By the Properties panel, at least with the gear."""
    if not item.tag.endswith('Property') or item.get('information_only') or item.get('panel_visibility') == 'never':
        return False
    return item.tag != 'InputProperty' or item.get('panel_widget') == 'input_selector'


def in_order(shown, groups):
    """As the panel has them: a group stands where its first property does."""
    order, places = [], {name: group for group, names in groups for name in names}
    for name in shown:
        group = places.get(name)
        if group is None:
            order.append((None, name))
            continue
        at = max((i for i, (other, _) in enumerate(order) if other == group), default=len(order) - 1)
        order.insert(at + 1, (group, name))
    return order


def check_groups(say, items, groups):
    order = in_order([name for name in items if is_shown(items[name])], groups)
    names = [name for _, name in order]
    parts = [group for group, _ in order]
    if len({group for group, _ in groups}) != len(groups):
        say('two groups of one name')
    if parts[-1] != 'Computing' or names[-1] != 'Threads' or items['Threads'].get('panel_visibility') != 'advanced':
        say('Threads is not the last, advanced, in the group Computing')
    leads = [i for i, group in enumerate(parts) if group is None]
    if leads != list(range(len(leads))):
        say(f'{[names[i] for i in leads]} are in no group, and not at the head')
    if len(leads) > 5:
        say(f'{len(leads)} properties without a group')
    listed = [name for _, members in groups for name in members]
    if sorted(listed) != sorted(set(listed)) or not set(listed) <= set(items):
        say(f'groups of {listed}')
    if [name for name in names if name in listed] != listed:
        say(f'groups list {listed}, the panel shows {names}')


def check_unit(say, item):
    text, name = words(item), item.get('name')
    found = [each.get('name') for each in hints(item, 'Unit')]
    if len(found) > 1 or not set(found) <= UNITS:
        say(f'{name}: unit {found}')
    for pattern, unit in SAID:
        if re.search(pattern, text) and item.tag == 'DoubleVectorProperty' and found != [unit]:
            say(f'{name}: unit {found}, but its text is "{text}"')


def check_matters(say, items, item):
    """What belongs to one choice of another property appears with it."""
    name = item.get('name')
    seen = {each.get('property'): each for each in hints(item, 'PropertyWidgetDecorator')}
    for other in seen:
        if other not in items:
            say(f'{name} depends on {other}, which there is not')
    if name == 'NeighbourhoodIons':
        if 'Within' not in seen or seen['Within'].get('value') != '1':
            say(f'{name} is shown without Within')
        if item.get('panel_visibility') != items['Within'].get('panel_visibility'):
            say(f'{name} and Within are not shown together')
    if name in ('Seed', 'Exchange', 'Within') and 'Copies' in items and 'Copies' not in seen:
        say(f'{name} is shown without copies')


def check_list(say, item):
    """Names of the data are picked from a list; a list of numbers has a label."""
    name, widget = item.get('name'), item.get('panel_widget')
    listed = [each.tag for each in item if each.tag == 'ArrayListDomain']
    picked = {'Species', 'Pairs', 'Class', 'StateColumn', 'PropertyColumn', 'RankColumn'}
    if name in picked and (widget != 'csro_choice' or len(hints(item, 'Choices')) != 1):
        say(f'{name} is no list to pick from')
    if name.endswith('Array') and (not listed or widget != 'csro_choice'):
        say(f'{name} is no list of arrays')
    if item.get('repeat_command') and is_shown(item) and item.tag != 'InputProperty' and widget != 'csro_numbers':
        say(f'{name} has no label')


count = 0
for file in sorted(os.listdir(folder)):
    proxy = ElementTree.parse(os.path.join(folder, file)).find('ProxyGroup/SourceProxy')
    if proxy is None:
        continue

    def say(text, name=proxy.get('name')):
        wrong.append(f'{name}: {text}')

    items = {item.get('name'): item for item in proxy if item.tag.endswith('Property')}
    for item in items.values():
        if is_shown(item):
            check_unit(say, item)
        if proxy.get('base_proxyname') == 'Common':
            check_matters(say, items, item)
        check_list(say, item)
    marks = {tag: {each.get('port', '0') for each in proxy.iterfind('Hints/' + tag)
                   if tag != 'View' or each.get('type') == 'RenderView'} for tag in ('View', 'PipelineIcon')}
    if not marks['View'] <= marks['PipelineIcon']:  # (ParaView has none for 3D views)
        say('an output in 3D without an icon')
    if proxy.get('base_proxyname') == 'Common':
        count += 1
        check_groups(say, items, [(group.get('label'), [each.get('name') for each in group])
                                  for group in proxy.findall('PropertyGroup')])
    elif proxy.get('name') == 'SimulateRealisticAPT':  # what it changes keeps its hints
        base = ElementTree.parse(os.path.join(folder, 'SimulateAPT.xml')).find('ProxyGroup/SourceProxy')
        for item in base:
            mine = items.get(item.get('name'))
            if mine is not None and is_shown(mine) and [each.attrib for each in mine.iterfind('Hints/*')] != [
                    each.attrib for each in item.iterfind('Hints/*')]:
                say(f'{item.get("name")} has other hints than that of SimulateAPT')
if count < 29:
    wrong.append(f'{count} sources and filters')
if wrong:
    sys.exit('\n'.join(wrong))
