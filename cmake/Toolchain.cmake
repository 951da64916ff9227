# Flags for our own targets only, carried by one interface target: nothing global, third-party headers untouched.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(logdetect_flags INTERFACE)
add_library(logdetect::flags ALIAS logdetect_flags)
target_compile_features(logdetect_flags INTERFACE cxx_std_20)
target_compile_options(logdetect_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Werror
  -fstack-protector-strong -fno-math-errno)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(LOGDETECT_SANITIZE)
  target_compile_options(logdetect_flags INTERFACE
    -fsanitize=${LOGDETECT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(logdetect_flags INTERFACE -fsanitize=${LOGDETECT_SANITIZE})
else()
  target_compile_options(logdetect_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
if(LOGDETECT_FUZZ)
  target_compile_options(logdetect_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_options(logdetect_flags INTERFACE -pie -Wl,-z,relro,-z,now)
