// Python files of the analysis, run from the window.
#ifndef csroScripts_h
#define csroScripts_h

#include <QByteArray>
#include <QString>

// A text as Python writes it, whatever it holds; None where it is empty.
QByteArray csroPython(const QString &text);

// Imports a module of sample_states, in the source tree of a build or installed, and runs `call` of
// it, as in "write(None)". False where there is none beside the plugin.
bool csroRunScript(const QByteArray &module, const QByteArray &call);

// What is said then.
QString csroNoScripts();

#endif
