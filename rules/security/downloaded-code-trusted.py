import torch
from langchain_community.vectorstores import FAISS
from transformers import AutoModel
from transformers import AutoModel as Model
from transformers import pipeline

REVISION = "5b2e1a7d0c9f4e3b8a6d7c1f0e9b8a7d6c5f4e3b"


def load(embeddings):
    # ruleid: downloaded-code-trusted
    model = AutoModel.from_pretrained("acme/model", trust_remote_code=True)
    # ruleid: downloaded-code-trusted
    store = FAISS.load_local("index", embeddings, allow_dangerous_deserialization=True)
    # ruleid: downloaded-code-trusted
    other = torch.hub.load("acme/vision", "small", trust_repo=True)
    # ok: downloaded-code-trusted
    rightly = AutoModel.from_pretrained("acme/model")
    # ok: downloaded-code-trusted
    pinned = Model.from_pretrained("acme/model", trust_remote_code=True, revision=REVISION)
    # ok: downloaded-code-trusted
    plain = torch.hub.load("acme/vision", "small", trust_repo="check")
    return model, store, other, rightly, pinned, plain


async def load_later(name):
    # ruleid: downloaded-code-trusted
    return pipeline(
        "text-generation",
        model=await name(),
        trust_remote_code=True,
    )
