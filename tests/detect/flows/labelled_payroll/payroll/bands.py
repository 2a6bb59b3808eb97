def band_of(amount):
    return "A" if amount > 10 else "B"


class Rounder:
    def rough(self, amount):
        return round(amount, -3)

    def exact(self, amount):
        return amount
