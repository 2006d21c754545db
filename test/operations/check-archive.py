"""Opens a result archive with Python's zipfile and tifffile and holds it to what is expected.

check-archive.py ARCHIVE EXPECTED, where EXPECTED is JSON: a list of {"name", "shape", "values"}, in the order of
the entries; "values" names a file of float32 values, or is absent for a picture.
"""

import io
import json
import sys
import zipfile

import numpy
import tifffile

DATA_DESCRIPTOR = 0x08
TAGS = (
    'ImageWidth',
    'ImageLength',
    'BitsPerSample',
    'Compression',
    'PhotometricInterpretation',
    'ImageDescription',
    'SamplesPerPixel',
    'RowsPerStrip',
    'SampleFormat',
)


def main(archive, expected):
    with open(expected, encoding='utf-8') as file:
        entries = json.load(file)
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist() == [entry['name'] for entry in entries], zipped.namelist()
        for info, entry in zip(zipped.infolist(), entries):
            check_storage(info)
            check_values(entry, zipped.read(info))
    print(f'{len(entries)} entries')


def check_storage(info):
    is_stored = info.compress_type == zipfile.ZIP_STORED
    assert is_stored or info.compress_type == zipfile.ZIP_DEFLATED, info
    assert not (is_stored and info.flag_bits & DATA_DESCRIPTOR), info
    assert not info.is_dir(), info


def check_values(entry, data):
    stream = io.BytesIO(data)
    is_array = entry['name'].endswith('.npy')
    array = numpy.load(stream) if is_array else tifffile.imread(stream)
    if 'values' not in entry:
        assert array.ndim == 3 and array.shape[2] in (3, 4) and array.dtype == numpy.uint8, array.shape
        return
    if not is_array:
        check_plain(data, array)
    assert list(array.shape) == entry['shape'], array.shape
    values = numpy.fromfile(entry['values'], dtype=numpy.float32).reshape(entry['shape'])
    assert numpy.array_equal(array.astype(numpy.float32), values), entry['name']


def check_plain(data, array):
    """The tags that decide how an array is read are those that tifffile writes by default."""
    assert array.dtype == numpy.float32, array.dtype
    default = io.BytesIO()
    tifffile.imwrite(default, array)
    default.seek(0)
    with tifffile.TiffFile(io.BytesIO(data)) as ours, tifffile.TiffFile(default) as theirs:
        assert len(ours.pages) == len(theirs.pages)
        for page, other in zip(ours.pages, theirs.pages):
            for name in TAGS:
                assert page.tags[name].value == other.tags[name].value, name
        assert ours.byteorder == theirs.byteorder


main(*sys.argv[1:])
