#include "models/neural_door.h"

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>

#include "logdetect/base/file.h"
#include "logdetect/models/neural.h"
#include "models/neural_image.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3
#endif

namespace logdetect {
namespace {

constexpr const char* kVariable = "LOGDETECT_NEURAL_MODULE";
constexpr const char* kFileName = "liblogdetect_neural.so";
constexpr std::string_view kWithout = "train with --detectors novelty,forest";

Error refusal(std::string message, const std::string& remedy) {
  return make_error(ErrorCode::kUsage, std::move(message), {}, remedy + "; or " + std::string(kWithout));
}

// What the loader said, in words that tell what to do.
Error explained(const std::string& said, const std::string& path) {
  if (said.rfind(path, 0) != 0 && said.find("cannot open shared object file") != std::string::npos) {
    const std::string missing = said.substr(0, said.find(':'));
#ifdef LOGDETECT_TORCH_PACKAGES
    const std::string remedy = "apt-get install " LOGDETECT_TORCH_PACKAGES;
#else
    const std::string remedy = "install it where the loader looks (LD_LIBRARY_PATH)";
#endif
    return refusal("neural training needs libtorch " LOGDETECT_TORCH_VERSION ", which is not installed: no " + missing,
                   remedy);
  }
  return refusal("the neural training module cannot be loaded: " + said,
                 "install the libtorch that this program was built with");
}

Result<const ld_neural_module*> load(const std::string& path, const std::string& name) {
  // Kept open for ever: LibTorch has threads and static objects that do not survive a dlclose().
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* said = dlerror();
    return explained(said == nullptr ? "unknown error" : said, path);
  }
  const auto open = reinterpret_cast<ld_open_function>(dlsym(library, "ld_neural_open"));
  if (open == nullptr) {
    return refusal(name + " is no neural training module of logdetect", "take the one that came with this program");
  }
  std::array<char, LD_NEURAL_MESSAGE_BYTES> message{};
  const ld_neural_module* module = open(message.data());
  if (module == nullptr) {
    return refusal("libtorch does not work here: " + std::string(message.data()), "install it again");
  }
  if (module->version != LD_NEURAL_VERSION) {
    return refusal(name + " is of version " + std::to_string(module->version) + ", this program needs version " +
                       std::to_string(int{LD_NEURAL_VERSION}),
                   "take the one that came with this program");
  }
  return module;
}

// A file in memory that may be executed. Kernels before 6.3 do not know MFD_EXEC, later ones may insist on it.
FileDescriptor memory_file() {
  constexpr unsigned kFlags = MFD_CLOEXEC;
  const int fd = memfd_create("logdetect_neural", kFlags | MFD_EXEC);
  return FileDescriptor(fd < 0 && errno == EINVAL ? memfd_create("logdetect_neural", kFlags) : fd);
}

Result<const ld_neural_module*> load_image(std::string_view image) {
  const FileDescriptor file = memory_file();
  if (!file.valid()) {
    return refusal("the neural training module cannot be loaded from memory: " + errno_text(errno),
                   "put " + std::string(kFileName) + " beside the program");
  }
  LD_TRY(write_all(file.get(), image, "memory file"));
  return load("/proc/self/fd/" + std::to_string(file.get()), "the module inside this program");
}

std::string beside_program() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0 || static_cast<std::size_t>(length) >= path.size()) {
    return kFileName;
  }
  const std::string program(path.data(), static_cast<std::size_t>(length));
  return program.substr(0, program.rfind('/') + 1) + kFileName;
}

Result<const ld_neural_module*> find_and_load() {
  if (const char* named = std::getenv(kVariable); named != nullptr && *named != '\0') {
    return load_neural_module(named);
  }
  Error why = refusal("this build has no neural training",
                      "build logdetect where libtorch is installed (apt-get install libtorch-dev libopenblas-dev)");
  if (const std::string_view image = neural_image(); !image.empty()) {
    auto inside = load_image(image);
    if (inside.ok()) {
      return inside;
    }
    why = inside.error();
  }
  const std::string beside = beside_program();
  return access(beside.c_str(), R_OK) == 0 ? load_neural_module(beside) : why;
}

}  // namespace

Result<const ld_neural_module*> load_neural_module(const std::string& path) {
  if (access(path.c_str(), R_OK) != 0) {
    return make_error(ErrorCode::kUsage, "the neural training module cannot be read: " + errno_text(errno), path,
                      "unset " + std::string(kVariable) + " or let it name a file; or " + std::string(kWithout));
  }
  // Without a slash the loader would search its own folders.
  return load(path.find('/') == std::string::npos ? "./" + path : path, path);
}

Result<const ld_neural_module*> open_neural() {
  static const Result<const ld_neural_module*> opened = find_and_load();
  return opened;
}

std::string blas_advice(std::string_view file) {
  // The reference BLAS is the one library of that name that is small and alone in its folder: Debian has it as
  // blas/libblas.so.3, its fast ones as openblas-pthread/libblas.so.3 and the like; upstream has one inside itself.
  if (file.find("/blas/libblas.so") == std::string_view::npos) {
    return {};
  }
  return "libtorch uses the reference BLAS, which is ten times slower: apt-get install libopenblas0-pthread";
}

Result<NeuralRuntime> neural_runtime() {
  LD_ASSIGN(const ld_neural_module* module, open_neural());
  return NeuralRuntime{module->libtorch, module->blas, module->cuda != 0, blas_advice(module->blas)};
}

}  // namespace logdetect
