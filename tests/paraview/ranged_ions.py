"""Ions and range files that the tests of RangeIons and MassSpectrum make."""
import os
import struct

import numpy

PLAIN = ('[Ions]\nNumber=2\nIon1=Cr\nIon2=O\n[Ranges]\nNumber=3\n'
         'Range1=52 53 Cr:1 Color:FF0000\nRange2=16 17 O:1 Color:00FF00\n'
         'Range3=68 69 Cr:1 O:1 Color:0000FF\n')
# Every doubt at once: 1-2 the same, 1-3 overlap (2-3 too), 3-4 touch, 5 inverted.
DOUBTFUL = ('[Ions]\nNumber=2\nIon1=Cr\nIon2=O\n[Ranges]\nNumber=5\n'
            'Range1=52 53 Cr:1 Color:FF0000\nRange2=52 53 O:1 Color:00FF00\n'
            'Range3=52.5 54 O:1 Color:00FF00\nRange4=54 55 Cr:1 Color:FF0000\n'
            'Range5=17 16 O:1 Color:00FF00\n')


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w') as file:
        file.write(text)
    return path


def masses(count):
    """On a raster of an eighth, which float32 holds, so that ends of ranges are met."""
    kinds = [52.25, 16.5, 68.5, 52.75, 53.5, 54, 16, 30.125, 52, 70]
    return numpy.array(kinds)[numpy.arange(count) * 7 % 10 * (numpy.arange(count) % 3 > 0)]


def write_ions(folder, count=1000):
    i = numpy.arange(count)
    rows = numpy.column_stack([i % 10, i // 10 % 10, -i / 100, masses(count)])
    path = os.path.join(folder, 'ranged.pos')
    with open(path, 'wb') as file:
        file.write(rows.astype('>f4').tobytes())
    return path


def write_apt(folder, types):
    """An .apt file with the section Ion Type."""
    count = len(types)

    def text(value, units):
        return value.encode('utf-16-le').ljust(2 * units, b'\0')

    def section(name, unit, kind, bits, data):
        return (b'SEC\0' + struct.pack('<ii', 148, 2) + text(name, 32) +
                struct.pack('<iIIIii', 1, 1, 1, kind, bits, len(data) // count) + text(unit, 16) +
                struct.pack('<qq', count, len(data)) + data)

    i = numpy.arange(count)
    places = numpy.column_stack([i % 10, i // 10 % 10, -i / 100]).astype('<f4')
    path = os.path.join(folder, 'typed.apt')
    with open(path, 'wb') as file:
        file.write(b'APT\0' + struct.pack('<ii', 540, 2) + text('typed.apt', 256) +
                   struct.pack('<Qq', 0, count) +
                   section('Position', 'nm', 3, 32, places.tobytes()) +
                   section('Mass', 'Da', 3, 32, masses(count).astype('<f4').tobytes()) +
                   section('Ion Type', '', 2, 8, numpy.asarray(types, 'u1').tobytes()))
    return path
