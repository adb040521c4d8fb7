using System.Runtime.CompilerServices;

namespace RolloutFunctions.Tests;

/// <summary>The in-memory runtime is a web server of its own, which would write each of its requests to the console.</summary>
internal static class QuietRuntime
{
    [ModuleInitializer]
    internal static void Quieten() => Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Error");
}
