// Properties that are lists of numbers.
#ifndef csroValueList_h
#define csroValueList_h

#include <vector>

namespace csro {
// What the commands of such a property do: the list gets so many values, and one of them.
template <typename Value> void SetValueCount(std::vector<Value> &list, int count) {
  list.resize(count > 0 ? count : 0);
}
template <typename Value> void SetValueAt(std::vector<Value> &list, int index, Value value) {
  if (index < 0)
    return;
  if (index >= static_cast<int>(list.size()))
    list.resize(index + 1);
  list[index] = value;
}
} // namespace csro

#endif
