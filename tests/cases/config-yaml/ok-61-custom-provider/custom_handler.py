from litellm import CustomLLM

my_custom_llm = CustomLLM()
