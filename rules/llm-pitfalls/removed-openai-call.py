import openai
import openai as ai
from openai import AsyncOpenAI, OpenAI

client = OpenAI()


def ask(text):
    # ruleid: removed-openai-call
    openai.ChatCompletion.create(model="m", messages=[])
    try:
        # ruleid: removed-openai-call
        ai.Embedding.create(model="m", input=text)
    # ruleid: removed-openai-call
    except openai.error.RateLimitError:
        return None
    try:
        # ok: removed-openai-call
        client.embeddings.create(model="m", input=text)
    # ok: removed-openai-call
    except openai.RateLimitError:
        return None
    # ok: removed-openai-call
    return client.chat.completions.create(model="m", messages=[])


async def ask_later(text):
    # ruleid: removed-openai-call
    await openai.ChatCompletion.acreate(
        model="m",
        messages=[{"role": "user", "content": text}],
    )
    # ok: removed-openai-call
    return await AsyncOpenAI().chat.completions.create(model="m", messages=[])
