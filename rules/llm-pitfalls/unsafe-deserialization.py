import json
import pickle
import pickle as pkl
from pickle import loads as unpack

import numpy as np
import torch


def restore(blob, file):
    # ruleid: unsafe-deserialization
    pickle.loads(blob)
    # ruleid: unsafe-deserialization
    pkl.load(file)
    # ruleid: unsafe-deserialization
    unpack(blob)
    # ruleid: unsafe-deserialization
    torch.load("model.pt")
    # ruleid: unsafe-deserialization
    np.load("rows.npy", allow_pickle=True)
    # ok: unsafe-deserialization
    pickle.loads(pickle.dumps(file))
    # ok: unsafe-deserialization
    json.loads(blob)
    # ok: unsafe-deserialization
    torch.load("model.pt", weights_only=True)
    # ok: unsafe-deserialization
    np.load("rows.npy")
    # ok: unsafe-deserialization
    return pickle.dumps(blob)


async def receive(socket):
    # ruleid: unsafe-deserialization
    return pickle.loads(await socket.recv())
