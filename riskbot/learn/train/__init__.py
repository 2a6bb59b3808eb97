"""Train the risk model: the encoder, and the blend of its score with boosted trees."""
