"""docs/filters.md names every property with its default, and every output; plugin/menu.xml every filter; docs/recipes.md every shipped model with
its accuracy and the command that made it."""
import os
import sys
from xml.etree import ElementTree

root = sys.argv[1]
with open(os.path.join(root, 'docs', 'filters.md')) as file:
    chapters = {part.split('`')[1]: part.splitlines() for part in file.read().split('\n## ')[1:]}
folder = os.path.join(root, 'xml', 'proxies')
missing = []


def shown_default(item):
    value = item.get('default_values', '')
    for entry in item.findall('EnumerationDomain/Entry'):
        if entry.get('value') == value:
            return entry.get('text')
    return value.replace(' ', ', ') or 'empty'


menu = [item.get('name') for item in ElementTree.parse(os.path.join(root, 'plugin', 'menu.xml')).iter('Proxy')]
filters = [proxy.get('name') for name in os.listdir(folder)
           for proxy in ElementTree.parse(os.path.join(folder, name)).findall('ProxyGroup[@name="filters"]/SourceProxy')]
if sorted(menu) != sorted(filters):
    missing.append(f'plugin/menu.xml: {sorted(set(menu) ^ set(filters))}')

for name in sorted(os.listdir(folder)):
    proxy = ElementTree.parse(os.path.join(folder, name)).find('ProxyGroup/SourceProxy')
    if proxy is None or proxy.get('base_proxyname') not in ('Common', 'SimulateAPT'):
        continue
    lines = chapters.get(proxy.get('name'), [])
    for item in proxy:
        if item.get('override') == '1' and item.get('panel_visibility') == 'never':
            continue  # what a filter takes over and does not use
        if item.get('name') == 'Threads':  # said once, above
            continue
        if item.tag.endswith('VectorProperty') and item.get('information_only') != '1':
            star = '*' if item.get('panel_visibility') == 'advanced' else ''
            start = f'| `{item.get("name")}`{star} | {shown_default(item)} |'
        elif item.tag in ('InputProperty', 'OutputPort'):
            start = f'| {item.get("name")} |'
        else:
            continue
        if not any(line.startswith(start) for line in lines):
            missing.append(f'{proxy.get("name")}: no line "{start}"')
if missing:
    sys.exit('docs/filters.md, plugin/menu.xml\n' + '\n'.join(missing))

with open(os.path.join(root, 'docs', 'recipes.md')) as file:
    recipes = file.read()
folder = os.path.join(root, 'xml', 'models')
for name in sorted(os.listdir(folder)):
    model = ElementTree.parse(os.path.join(folder, name)).getroot()
    space = model.tag.split('}')[0] + '}'
    command = model.find(space + 'training').text.split('Command: ')[1]
    accuracy = 100 * float(model.find(space + 'test-accuracy').text)
    start = f'| `{name[:-len(".xml")]}` | {accuracy:.2f} % |'
    lines = [line for line in recipes.splitlines() if line.startswith(start)]
    if len(lines) != 1 or f'`{command}`' not in lines[0]:
        missing.append(f'no line "{start} ... `{command}`"')
if missing:
    sys.exit('docs/recipes.md\n' + '\n'.join(missing))
