from litellm.integrations.custom_logger import CustomLogger

instance = CustomLogger()
