#!/usr/bin/python3
"""How fast is this machine, against the one on which the Python consumer was measured? (Debian: python3-skimage)

Times three functions of scikit-image on a fixed 1024 x 1024 field, single thread, and prints how many times slower this machine
is. Divide processor time by that number before you compare it with that of the Python consumer. Take it beside the
measurement, in the same minute.
"""
import time

import numpy as np
from skimage import exposure, filters, measure, segmentation

# Milliseconds of the baseline's machine, for the same functions.
BASELINE = {'gaussian': 14.5, 'watershed': 140.0, 'clahe': 46.0}


def field():
    rng = np.random.RandomState(7)
    y, x = np.mgrid[0:1024, 0:1024]
    out = np.zeros((1024, 1024), np.float32)
    for cy, cx in rng.randint(0, 1024, (2900, 2)):
        y0, x0 = max(0, cy - 16), max(0, cx - 16)
        part = out[y0:cy + 17, x0:cx + 17]
        r2 = (y[y0:cy + 17, x0:cx + 17] - cy) ** 2 + (x[y0:cy + 17, x0:cx + 17] - cx) ** 2
        np.maximum(part, np.exp(-r2 / 50).astype(np.float32), out=part)
    return out + 0.02 * rng.rand(1024, 1024).astype(np.float32)


def best(work, times=7):
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return 1000 * min(found)


def measure_all():
    image = field()
    smooth = filters.gaussian(image, 1)
    markers = measure.label(smooth > 0.8)
    scaled = (image - image.min()) / (image.max() - image.min())
    return {
        'gaussian': best(lambda: filters.gaussian(image, 1)),
        'watershed': best(lambda: segmentation.watershed(-smooth, markers, mask=smooth > 0.1)),
        'clahe': best(lambda: exposure.equalize_adapthist(scaled)),
    }


if __name__ == '__main__':
    here = measure_all()
    for name, ms in here.items():
        print('%-10s %7.1f ms here, %6.1f on the baseline\'s machine' % (name, ms, BASELINE[name]))
    factor = np.exp(np.mean([np.log(here[name] / BASELINE[name]) for name in here]))
    print('this machine is %.2f times slower than the baseline\'s' % factor)
