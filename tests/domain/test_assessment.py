from riskbot.domain.assessment import Band


def test_every_band_says_what_it_means():
    assert len({band.meaning for band in Band}) == len(Band)
