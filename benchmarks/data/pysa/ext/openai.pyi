class Completions:
    def create(self, *, model, messages): ...

class Chat:
    completions: Completions

class OpenAI:
    chat: Chat
