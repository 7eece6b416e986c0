// Prices of vendors that @pydantic/genai-prices lacks, US$ for a million tokens, each with where and when it was found.

interface OtherPrice {
  readonly models: readonly string[];
  readonly price: Dollars;
  /** Beyond so many input tokens, for the whole request. */
  readonly above?: readonly { readonly inputTokens: number; readonly price: Dollars }[];
}

interface Dollars {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  /** Of thought tokens, where they cost something else than output. */
  readonly reasoning?: number;
}

export const OTHER_PRICES: readonly { readonly vendor: string; readonly source: string; readonly prices: readonly OtherPrice[] }[] = [
  {
    vendor: "qwen",
    source: "Alibaba Cloud Model Studio, international list prices, as public price tables quoted them on 2026-11-27",
    prices: [
      { models: ["qwen-max*"], price: { input: 1.6, output: 6.4 } },
      {
        models: ["qwen3-max*"],
        price: { input: 1.2, output: 6 },
        above: [
          { inputTokens: 32_000, price: { input: 2.4, output: 12 } },
          { inputTokens: 128_000, price: { input: 3, output: 15 } },
        ],
      },
      { models: ["qwen-plus*"], price: { input: 0.4, output: 1.2, reasoning: 4 } },
      { models: ["qwen-turbo*"], price: { input: 0.05, output: 0.2, reasoning: 0.5 } },
      {
        models: ["qwen-flash*"],
        price: { input: 0.05, output: 0.4 },
        above: [{ inputTokens: 256_000, price: { input: 0.25, output: 2 } }],
      },
      { models: ["text-embedding-v3", "text-embedding-v4"], price: { input: 0.07, output: 0 } },
    ],
  },
  {
    vendor: "zai",
    source: "Z.ai, list prices, as public price tables quoted them on 2026-11-27",
    prices: [
      { models: ["glm-4.5", "glm-4.6", "glm-4.7"], price: { input: 0.6, output: 2.2, cached: 0.11 } },
      { models: ["glm-4.5-air"], price: { input: 0.2, output: 1.1, cached: 0.03 } },
      { models: ["glm-4.5-flash", "glm-4.7-flash"], price: { input: 0, output: 0 } },
      { models: ["glm-5"], price: { input: 1, output: 3.2, cached: 0.2 } },
      { models: ["glm-5.1", "glm-5.2"], price: { input: 1.4, output: 4.4, cached: 0.26 } },
    ],
  },
];
