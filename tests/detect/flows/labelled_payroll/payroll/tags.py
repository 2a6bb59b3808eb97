def confidential(function):
    return function
