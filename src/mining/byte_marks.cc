#include "mining/byte_marks.h"

#include <array>
#include <cstring>

#include "logdetect/lexis/char_class.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace logdetect {
namespace {

constexpr std::size_t kBlockBytes = ByteMarks::kBlockBytes;

#ifdef __SSE2__

// The bytes of `x` that lie in [first, last], as a mask.
__m128i in_range(__m128i x, char first, char last) {
  const __m128i above = _mm_sub_epi8(x, _mm_set1_epi8(first));
  return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(last - first))), above);
}

__m128i equal(__m128i x, char c) {
  return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

std::uint64_t bits_of(__m128i mask) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(mask)));
}

// The sets are those of kCharTable; a test compares them byte by byte.
void mark_block(const char* bytes, std::uint64_t& stops, std::uint64_t& marks) {
  stops = 0;
  std::uint64_t plain = 0;
  for (unsigned i = 0; i < kBlockBytes; i += sizeof(__m128i)) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));  // NOLINT: unaligned load
    const __m128i folded = _mm_or_si128(x, _mm_set1_epi8(0x20));  // [ to {, ] to }, capitals to small letters
    const __m128i blank = _mm_or_si128(in_range(x, '\t', '\r'), equal(x, ' '));
    const __m128i quote = _mm_or_si128(_mm_or_si128(equal(x, '"'), in_range(x, '\'', ')')), equal(x, ','));
    const __m128i brace = _mm_andnot_si128(equal(x, '\\'), in_range(folded, '{', '}'));
    const __m128i stop = _mm_or_si128(_mm_or_si128(blank, quote), _mm_or_si128(brace, in_range(x, ';', '>')));
    const __m128i letter = _mm_or_si128(in_range(folded, 'a', 'z'), _mm_or_si128(equal(x, '_'), equal(x, '-')));
    stops |= bits_of(stop) << i;
    plain |= (bits_of(letter) | bits_of(x)) << i;  // the top bit: part of a letter beyond ASCII
  }
  marks = ~(plain | stops);
}

#else

void mark_block(const char* bytes, std::uint64_t& stops, std::uint64_t& marks) {
  stops = 0;
  marks = 0;
  for (unsigned i = 0; i < kBlockBytes; ++i) {
    const std::uint16_t bits = char_class(bytes[i]);
    const bool stop = (bits & (kSpaceChar | kBreakChar)) != 0;
    const bool plain = (bits & (kLetterChar | kUnderscoreChar | kDashChar)) != 0;
    stops |= std::uint64_t{stop} << i;
    marks |= std::uint64_t{!stop && !plain} << i;
  }
}

#endif

}  // namespace

ByteMarks::ByteMarks(std::string_view text, std::vector<std::uint64_t>& storage) {
  const std::size_t whole = text.size() / kBlockBytes;
  if (storage.size() < 2 * (whole + 1)) {
    storage.resize(2 * (whole + 1));
  }
  for (std::size_t i = 0; i < whole; ++i) {
    mark_block(text.data() + i * kBlockBytes, storage[2 * i], storage[2 * i + 1]);
  }
  // Blanks fill the last block: next_stop() needs a stop behind the last byte, and goes on until it finds one.
  std::array<char, kBlockBytes> tail;  // NOLINT: filled before it is read
  tail.fill(' ');
  if (const std::string_view rest = text.substr(whole * kBlockBytes); !rest.empty()) {
    std::memcpy(tail.data(), rest.data(), rest.size());
  }
  mark_block(tail.data(), storage[2 * whole], storage[2 * whole + 1]);
  blocks_ = storage.data();
}

}  // namespace logdetect
