#include "models/neural_image.h"

#ifdef LOGDETECT_NEURAL_IMAGE

asm(".pushsection .rodata.logdetect_neural_image, \"a\"\n"
    ".balign 4096\n"
    ".hidden logdetect_neural_image_begin\n"
    ".global logdetect_neural_image_begin\n"
    "logdetect_neural_image_begin:\n"
    ".incbin \"" LOGDETECT_NEURAL_IMAGE
    "\"\n"
    ".hidden logdetect_neural_image_end\n"
    ".global logdetect_neural_image_end\n"
    "logdetect_neural_image_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char logdetect_neural_image_begin[];
extern const char logdetect_neural_image_end[];
}

namespace logdetect {

std::string_view neural_image() {
  return {logdetect_neural_image_begin,
          static_cast<std::size_t>(logdetect_neural_image_end - logdetect_neural_image_begin)};
}

}  // namespace logdetect

#else

namespace logdetect {

std::string_view neural_image() {
  return {};
}

}  // namespace logdetect

#endif
