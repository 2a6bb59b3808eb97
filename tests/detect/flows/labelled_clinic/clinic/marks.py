def medical(function):
    return function
