def lookup_pan(key):
    return open("/dev/null").read()


def lookup_colour(key):
    return open("/dev/null").read()
