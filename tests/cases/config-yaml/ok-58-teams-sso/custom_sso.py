from litellm.integrations.custom_logger import CustomLogger

proxy_handler_instance = CustomLogger()
handler = auth = rule = lambda *_: None
