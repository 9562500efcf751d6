"""Makes the pages of ParaView's Help from docs/: each file is a page, and filters.md one for each source and filter, with
the name that the ? button looks for (filters.ClusterDomains.html).
usage: make_help.py DOCS PROXIES FOLDER QHELPGENERATOR   writes FOLDER/paraview_apt_csro.qch
Ends with 77 where the tools are missing or do not work, which says nothing about docs/."""
import os
import re
import shutil
import struct
import subprocess
import sys
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

try:
    import markdown
except ImportError:
    print('Python has no module markdown (Debian: python3-markdown)')
    sys.exit(77)

NAME = 'paraview_apt_csro'  # after paraview, whose home page is the first that Help shows
PICTURE_WIDTH = 640
# (what Qt's text browser knows of CSS)
PAGE = '''<html><head><meta charset="utf-8"><title>{title}</title><style>
body {{ margin: 12px; }} h1, h2, h3 {{ color: #1f5f8b; }} pre {{ background-color: #f0f0f0; }}
table {{ border-collapse: collapse; margin-top: 8px; margin-bottom: 8px; }} th {{ background-color: #e4ecf2; }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
'''


def anchor_of(heading, separator='-'):
    """That of a heading, as in the links of docs/."""
    return re.sub(r'[^\w\- ]', '', heading.lower()).strip().replace(' ', separator)


def proxies(folder):
    """{name of a source or filter: (its group, the one that it is based on)}"""
    found = {}
    for file in sorted(os.listdir(folder)):
        for group in ElementTree.parse(os.path.join(folder, file)).iter('ProxyGroup'):
            if group.get('name') in ('sources', 'filters'):
                for proxy in group.iter('SourceProxy'):
                    found[proxy.get('name')] = (group.get('name'), proxy.get('base_proxyname'))
    return found


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def to_pages(docs, found):
    """{file name: (title, Markdown)} and {(file of docs/, anchor): place in the pages}; an empty anchor is the whole file."""
    pages, places = {}, {}
    for file in sorted(os.listdir(docs)):
        if not file.endswith('.md'):
            continue
        chapters = re.split(r'^## ', read(os.path.join(docs, file)), flags=re.M)
        title, text = chapters[0].lstrip('# ').split('\n', 1)
        page = places[file, ''] = file[:-len('md')] + 'html'
        pages[page] = title, text
        for chapter in chapters[1:]:
            heading, body = chapter.split('\n', 1)
            name = re.search(r'\(`(\w+)`\)$', heading)
            if file == 'filters.md' and name:
                own = f'{found[name[1]][0]}.{name[1]}.html'
                pages[own] = heading.split(' (`')[0], body
            else:
                own = page
                pages[page] = title, pages[page][1] + '\n## ' + chapter
            anchors = [anchor_of(each) for each in re.findall(r'^#+ (.*)', '# ' + chapter, re.M)]
            for anchor in anchors + re.findall(r'id="([^"]+)"', body):
                places[file, anchor] = f'{own}#{anchor}'
            if own != page:
                places[file, anchors[0]] = own
    return pages, places


def link(file, places):
    """Replaces a link: those of docs/ lead to the page, others are text (Help does not open them)."""
    def replace(match):
        target, text = match[1], match[2]
        if '://' in target:
            return f'{text} ({target})'
        name, _, anchor = target.partition('#')
        place = places.get((name or file, anchor))
        if not place and (name or file, '') in places:
            raise SystemExit(f'docs/{file}: no place {target}')
        return f'<a href="{place}">{text}</a>' if place else text
    return replace


def picture(docs):
    def replace(match):
        with open(os.path.join(docs, match[1]), 'rb') as file:
            width = struct.unpack('>I', file.read(24)[16:20])[0]
        return f'src="{match[1]}" width="{min(width, PICTURE_WIDTH)}"'
    return replace


def to_html(title, text, file, docs, places):
    body = markdown.markdown(text, extensions=['tables', 'toc'],
                             extension_configs={'toc': {'slugify': anchor_of}})
    body = re.sub(r'<a href="([^"]+)">(.*?)</a>', link(file, places), body, flags=re.S)
    body = re.sub(r'src="([^"]+)"', picture(docs), body)
    body = body.replace('<table>', '<table border="1" cellspacing="0" cellpadding="4" width="100%">')
    body = re.sub(r'<th>(?=[^<]*</th>\n</tr>\n</thead>)', '<th width="55%">', body)
    return PAGE.format(title=title, body=body)


def contents(pages):
    """The tree of contents: filters.html with sources and filters, and the others."""
    def section(page, inside=''):
        return f'<section title={quoteattr(pages[page][0])} ref="{page}">{inside}</section>\n'
    ours = ''.join(section(page) for page in pages if page.count('.') == 2)
    others = ''.join(section(page) for page in pages if page.count('.') == 1 and page != 'filters.html')
    return f'<section title="APT-CSRO" ref="filters.html">{ours}{others}</section>'


def main(docs, folder_of_proxies, folder, generator):
    found = proxies(folder_of_proxies)
    pages, places = to_pages(docs, found)
    listed = ''.join(f'- [{title}]({page})\n' for page, (title, _) in pages.items() if page.count('.') == 2)
    places.update({(page, ''): page for page in pages})
    pages['filters.html'] = pages['filters.html'][0], f'{listed}\n{pages["filters.html"][1]}'
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(docs, 'images'), os.path.join(folder, 'images'))
    for page, (title, text) in pages.items():
        file = 'filters.md' if page.count('.') == 2 else page[:-len('html')] + 'md'
        with open(os.path.join(folder, page), 'w', encoding='utf-8') as out:
            out.write(to_html(title, text, file, docs, places))
    copies = {}  # sources of another name, which share a page
    for name, (group, base) in found.items():
        if f'{group}.{name}.html' not in pages:
            copies[f'{group}.{name}.html'] = f'{group}.{base}.html'
    for page, original in copies.items():
        shutil.copy(os.path.join(folder, original), os.path.join(folder, page))
    files = sorted(pages) + sorted(copies) + ['images/' + name for name in sorted(os.listdir(os.path.join(folder, 'images')))]
    project = os.path.join(folder, NAME + '.qhp')
    with open(project, 'w', encoding='utf-8') as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<QtHelpProject version="1.0">\n'
                  f'<namespace>{NAME}</namespace>\n<virtualFolder>{NAME}</virtualFolder>\n<filterSection>\n'
                  f'<toc>{contents(pages)}</toc>\n<files>\n'
                  + ''.join(f'<file>{name}</file>\n' for name in files)
                  + '</files>\n</filterSection>\n</QtHelpProject>\n')
    run = subprocess.run([generator, project, '-o', os.path.join(folder, NAME + '.qch')], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env=dict(os.environ, QT_QPA_PLATFORM='offscreen'))
    if run.returncode:
        shutil.rmtree(folder)
        print(f'{generator}:\n{run.stdout}')
        sys.exit(77)


main(*sys.argv[1:])
