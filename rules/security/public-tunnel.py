import gradio
import gradio as gr
from pyngrok import ngrok


def start(answer, password):
    demo = gr.Interface(answer, "text", "text")
    # ruleid: public-tunnel
    demo.launch(share=True)
    # ruleid: public-tunnel
    gradio.Blocks().launch(
        server_port=7860,
        share=True,
    )
    # ok: public-tunnel
    demo.launch()
    # ok: public-tunnel
    demo.launch(share=False)
    # ok: public-tunnel
    demo.launch(share=True, auth=("admin", password))


async def tunnel(port):
    # ruleid: public-tunnel
    return ngrok.connect(await port())
