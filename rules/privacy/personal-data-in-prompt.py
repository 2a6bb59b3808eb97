import anthropic
import litellm
from openai import AsyncOpenAI, OpenAI

client = OpenAI()
claude = anthropic.Anthropic()


def answer(user, question):
    # ruleid: personal-data-in-prompt
    client.chat.completions.create(model="m", messages=[{"role": "user", "content": f"{user.email}: {question}"}])
    prompt = "The customer is %s, born %s." % (user.last_name, user.date_of_birth)
    # ruleid: personal-data-in-prompt
    claude.messages.create(model="m", max_tokens=100, messages=[{"role": "user", "content": prompt}])
    # ruleid: personal-data-in-prompt
    litellm.completion(model="m", messages=[{"role": "user", "content": user.medical_history}])
    # ok: personal-data-in-prompt
    client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    # ok: personal-data-in-prompt
    twilio.messages.create(to=user.phone_number, body="Your code")
    # ok: personal-data-in-prompt
    client.responses.create(model="m", input=f"{mask(user.email)}: {question}")


async def answer_later(user, question):
    later = AsyncOpenAI()
    text = []
    text.append(f"{user.home_address}")
    # ruleid: personal-data-in-prompt
    await later.responses.create(
        model="m",
        input=f"{user.first_name} asks: {question}",
    )
    # todoruleid: personal-data-in-prompt
    await later.responses.create(model="m", input=text)
    # ok: personal-data-in-prompt
    await later.responses.create(model="m", input=f"Customer {user.id} asks: {question}")
