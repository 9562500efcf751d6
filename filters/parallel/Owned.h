// What the core has allocated, released on leaving.
#ifndef csroOwned_h
#define csroOwned_h

#include <cstdlib>
#include <memory>
#include <type_traits>

namespace csro {
// The two lifecycles of the core: T_destroy(T **) of what is created, T_release(T *) of a struct.
template <typename Function> struct ReleasedType;
template <typename T> struct ReleasedType<void (*)(T **)> { using Type = T; };
template <typename T> struct ReleasedType<void (*)(T *)> { using Type = T; };

template <auto Release> struct Releaser {
  template <typename T> void operator()(T *object) const {
    if constexpr (std::is_invocable_v<decltype(Release), T **>)
      Release(&object);
    else
      Release(object);
  }
};

// Owned<csro_model_destroy> is the pointer to a csro_model; Owned<csro_ions_release> one to a
// struct of the caller, whose arrays are released before it.
template <auto Release>
using Owned = std::unique_ptr<typename ReleasedType<decltype(Release)>::Type, Releaser<Release>>;

// An array of malloc that the core hands over.
template <typename T> struct Freed {
  void operator()(T *array) const {
    std::free(array);
  }
};
template <typename T> using OwnedArray = std::unique_ptr<T[], Freed<T>>;
} // namespace csro

#endif
