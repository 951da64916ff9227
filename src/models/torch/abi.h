#pragma once

#include <stdint.h>

/// The C interface between the program and the loadable module that knows LibTorch: plain arrays in, plain arrays out,
/// no exception and no C++ type crosses it. Both sides compile against this file; `version` guards against a module
/// found beside the executable that was built from another one.
///
/// A network reads a window of L steps. What enters the first layer at step t is the embedding of template t, then the
/// F numeric features of t. Each layer makes a sequence of L steps out of that of the layer before:
///
/// LD_LSTM    the states of an LSTM of C cells, from the zero state; gates in the order input, forget, cell, output
///            (Hochreiter and Schmidhuber, 1997; gates as in torch.nn.LSTM, its two biases summed)
/// LD_REPEAT  the last step of the layer before, at each of the L steps: the code of an autoencoder
/// LD_DELAY   the layer before, one step later, zero at the first step: what foretells a step must not have read it
///
/// The first layer is an LSTM, a repeat stands before an LSTM, and a delay is the last layer. Two heads read the last
/// layer, W wide. Error at t: cross-entropy of template t in nats, and where F is not 0 the mean over F of the squared
/// numeric error.
///
/// The weights are one flat float32 array, its blocks one after the other, each row-major ([out x in] for matrices):
/// embedding [V x E] | for each LSTM over I inputs: w_input [4C x I], w_hidden [4C x C], bias [4C] |
/// template head [V x W], bias [V] | numeric head [F x W], bias [F]
#ifdef __cplusplus
extern "C" {
#endif
// C's names, one name space for all of them. NOLINTBEGIN(readability-identifier-naming,modernize-use-using)

enum { LD_NEURAL_VERSION = 2, LD_NEURAL_MESSAGE_BYTES = 512, LD_MAX_LAYERS = 16 };

enum ld_layer_kind { LD_LSTM = 0, LD_REPEAT = 1, LD_DELAY = 2 };

struct ld_layer {
  int32_t kind;  /* ld_layer_kind */
  int32_t cells; /* C of an LSTM, else 0 */
};

/// A network; see above.
struct ld_network_shape {
  int32_t vocabulary; /* V: template indices are 0..V-1 */
  int32_t embedding;  /* E */
  int32_t numeric;    /* F */
  int32_t length;     /* L: steps of a window */
  int32_t layer_count;
  struct ld_layer layers[LD_MAX_LAYERS]; /* in order; those beyond layer_count are not read */
};

/// Called after each epoch (the first is 1) with the mean error per position, the validation loss equal to the training
/// loss when no window is kept for validation; return non-zero to stop training early (an interrupted run).
typedef int (*ld_epoch_callback)(void* context, int32_t epoch, double training_loss, double validation_loss);

struct ld_training {
  uint32_t version; /* LD_NEURAL_VERSION */
  struct ld_network_shape shape;
  const int32_t* templates; /* [windows x L] */
  const float* numeric;     /* [windows x L x F]; null when F is 0 */
  uint64_t windows;         /* in time order; the last `validation` of them stop the training early */
  uint64_t validation;
  int32_t epochs;       /* at most */
  int32_t patience;     /* epochs that together lower the validation loss by less than 2 %, then it stops */
  int32_t batch;        /* windows per step of Adam */
  double learning_rate; /* of Adam, above 0, at most 1 */
  double clip_norm;     /* of the gradient, over all parameters */
  double unseen_share;  /* share of input and target templates replaced by index V-1, so that it is learnt */
  uint64_t seed;
  int32_t cuda;               /* 1: train on the first CUDA device */
  ld_epoch_callback on_epoch; /* may be null */
  void* context;
  float* weights;        /* out: [weight_count], of the epoch with the best validation loss; untouched on errors */
  uint64_t weight_count; /* must be what the shape needs */
};

/// Each returns 0, or 1 with a message, and may be called from several threads. `message` has LD_NEURAL_MESSAGE_BYTES
/// bytes.
typedef int (*ld_train_function)(const struct ld_training* training, char* message);
/// errors[windows x L]: error per position as defined above, by LibTorch's own forward pass: what the program's kernel
/// is tested against.
typedef int (*ld_forward_function)(const struct ld_network_shape* shape, const float* weights, uint64_t weight_count,
                                   const int32_t* templates, const float* numeric, uint64_t windows, float* errors,
                                   char* message);

/// What the module is and can do.
struct ld_neural_module {
  uint32_t version;     /* LD_NEURAL_VERSION of the module; stays the first field for ever */
  const char* libtorch; /* its version, "1.13.1" */
  const char* blas;     /* the file that multiplies its matrices, "/usr/lib/.../libblas.so.3"; "" if unknown */
  int32_t cuda;         /* 1: a CUDA device can be used */
  ld_train_function train;
  ld_forward_function forward;
};

/// The type of the module's one exported symbol, `ld_neural_open`. Null, with a message, if LibTorch does not work
/// here.
typedef const struct ld_neural_module* (*ld_open_function)(char* message);

// NOLINTEND(readability-identifier-naming,modernize-use-using)
#ifdef __cplusplus
}
#endif
