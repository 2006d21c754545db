"""Writes the images of the bench `formats`, and times the reference on them, one thread, into a float32 array.

reference.py FOLDER: writes one file a row of FILES, prints their names as JSON, and then, for each line on its input, the milliseconds
of CPU that each took, as JSON. Debian: apt-get install python3-numpy python3-pil.
"""
import json
import os
import sys
import time
import numpy as np
from PIL import Image

SIZE = 2048
rng = np.random.default_rng(17)
y, x = np.mgrid[0:SIZE, 0:SIZE]
waves = np.stack([128 + 100 * np.sin(x / 17 + c) * np.cos(y / 23) for c in range(3)], -1)
rgb = np.clip(waves + rng.normal(0, 6, waves.shape), 0, 255).astype('u1')
grey = rgb[..., 0]
words = grey.astype('u2') * 200


def picture(array, **options):
    return lambda path: Image.fromarray(array).save(path, **options)


def tiff(array, compression, **tags):
    return lambda path: Image.fromarray(array).save(path, compression=compression, tiffinfo=tags.get('tags', {}))


def pillow(path):
    """Reads TIFF by libtiff, JPEG by libjpeg-turbo, PNG by zlib."""
    return np.asarray(Image.open(path), dtype='f4')


PREDICTOR = {317: 2}


# By name: what writes the file, and what reads it as the reference does.
FILES = {
    'rgb.png': (picture(rgb), pillow),
    'grey.png': (picture(grey), pillow),
    'grey-16.png': (picture(words), pillow),
    'rgb-420.jpg': (picture(rgb, quality=85), pillow),
    'rgb-444.jpg': (picture(rgb, quality=95, subsampling=0), pillow),
    'grey.jpg': (picture(grey, quality=90), pillow),
    'progressive.jpg': (picture(rgb, quality=85, progressive=True), pillow),
    'plain.tif': (tiff(words, None), pillow),
    'lzw.tif': (tiff(words, 'tiff_lzw'), pillow),
    'lzw-predictor.tif': (tiff(words, 'tiff_lzw', tags=PREDICTOR), pillow),
    'deflate.tif': (tiff(words, 'tiff_adobe_deflate'), pillow),
    'deflate-predictor.tif': (tiff(words, 'tiff_adobe_deflate', tags=PREDICTOR), pillow),
    'zstd.tif': (tiff(words, 'zstd'), pillow),
    'packbits.tif': (tiff(words, 'packbits'), pillow),
    'plain-rgb.tif': (tiff(rgb, None), pillow),
    'lzw-rgb.tif': (tiff(rgb, 'tiff_lzw'), pillow),
    'deflate-rgb.tif': (tiff(rgb, 'tiff_adobe_deflate'), pillow),
    'zstd-rgb.tif': (tiff(rgb, 'zstd'), pillow),
    'packbits-rgb.tif': (tiff(rgb, 'packbits'), pillow),
    'packbits-masks.tif': (tiff((grey > 128).astype('u1'), 'packbits'), pillow),
    'jpeg.tif': (tiff(rgb, 'jpeg'), pillow),
}


def milliseconds(read, path):
    start = time.thread_time()
    read(path)
    return (time.thread_time() - start) * 1000


folder = sys.argv[1]
paths = {name: os.path.join(folder, name) for name in FILES}
for name, (write, read) in FILES.items():
    write(paths[name])
print(json.dumps(list(FILES)), flush=True)
for line in sys.stdin:
    print(json.dumps({name: milliseconds(read, paths[name]) for name, (_, read) in FILES.items()}), flush=True)
