// Masker and miner on arbitrary lines: nothing crashes, every learnt message matches, tokens stay inside the message.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "logdetect/mining/template_miner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace logdetect;  // NOLINT(google-build-using-namespace)
  static const Masker masker = std::move(Masker::create({})).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes are bytes
  TemplateMiner miner({});
  MaskedMessage masked;
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  std::vector<Parameter> parameters;
  for (const std::string_view line : lines) {
    masker.mask(line, masked);
    const TemplateId id = miner.learn(masked);
    parameters.clear();
    miner.parameters(id, masked, parameters);
    for (const Parameter& parameter : parameters) {
      if (parameter.text.data() < line.data() ||
          parameter.text.data() + parameter.text.size() > line.data() + line.size()) {
        std::abort();
      }
    }
  }
  miner.compact();
  for (const std::string_view line : lines) {
    masker.mask(line, masked);
    if (!miner.match(masked).valid()) {
      std::abort();
    }
  }
  return 0;
}
