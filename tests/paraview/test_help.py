"""The pages of ParaView's Help: each source and filter has one with all that docs/filters.md says, under the name that the ?
button looks for; links and pictures are there.
usage: test_help.py ROOT HELP_FILE"""
import html
import os
import re
import sqlite3
import sys
import zlib
from xml.etree import ElementTree

root, help_file = sys.argv[1:3]
NAME = 'paraview_apt_csro'
database = sqlite3.connect(f'file:{help_file}?mode=ro', uri=True)
wrong = []
# ParaView asks for qthelp://NAMESPACE/FOLDER/GROUP.NAME.html, where the folder is the name up to the first point
if (database.execute('SELECT Name FROM NamespaceTable').fetchall() != [(NAME,)]
        or database.execute('SELECT Name FROM FolderTable').fetchall() != [(NAME,)]):
    wrong.append('namespace or folder')
files = {name: zlib.decompress(data[4:]) for name, data in database.execute(
    'SELECT Name, Data FROM FileNameTable JOIN FileDataTable ON FileId = FileDataTable.Id WHERE Name != ""')}
pages = {name: data.decode() for name, data in files.items() if name.endswith('.html')}


def letters(text):
    return re.sub(r'[^a-z0-9]', '', text.lower())


def of_markdown(text):
    text = re.sub(r'!\[[^]]*\]\([^)]*\)', '', text)
    text = re.sub(r'\[([^]]*)\]\((https?:[^)]*)?[^)]*\)', r'\1\2', text)
    return letters(re.sub(r'</?(?:a|sup|sub)\b[^<>]*>', '', text))


def of_page(page):
    return letters(html.unescape(re.sub(r'<[^<>]*>', '', page)))


with open(os.path.join(root, 'docs', 'filters.md'), encoding='utf-8') as file:
    chapters = {part.split('`')[1]: part.split('\n', 1)[1] for part in re.split(r'^## ', file.read(), flags=re.M)[1:]}
folder = os.path.join(root, 'xml', 'proxies')
for name in sorted(os.listdir(folder)):
    for group in ElementTree.parse(os.path.join(folder, name)).iter('ProxyGroup'):
        if group.get('name') not in ('sources', 'filters'):
            continue
        for proxy in group.iter('SourceProxy'):
            page = pages.get(f'{group.get("name")}.{proxy.get("name")}.html')
            chapter = chapters.get(proxy.get('name')) or chapters.get(proxy.get('base_proxyname'))
            if not page or not chapter:
                wrong.append(f'no page of {proxy.get("name")}')
                continue
            said = of_page(page)
            wrong += [f'{proxy.get("name")}: the page is without "{line}"' for line in chapter.splitlines()
                      if of_markdown(line) not in said]

for name, page in pages.items():
    for target in re.findall(r'href="([^"]*)"', page):
        to, _, anchor = target.partition('#')
        if to not in pages or anchor and f'id="{anchor}"' not in pages[to]:
            wrong.append(f'{name}: no place {target}')
    for source in re.findall(r'src="([^"]*)"', page):
        if not files.get(source, b'').startswith(b'\x89PNG'):
            wrong.append(f'{name}: no picture {source}')
if wrong:
    sys.exit('\n'.join(wrong))
