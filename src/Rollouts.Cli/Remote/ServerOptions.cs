using System.CommandLine;

namespace Rollouts.Cli.Remote;

/// <summary>Which server a command talks to.</summary>
internal sealed class ServerOptions
{
    public const string AddressVariable = "ROLLOUTS_SERVER";
    public const string KeyVariable = "ROLLOUTS_KEY";

    public Option<Uri?> Server { get; } = Address("--server", $"The server's address, for instance http://127.0.0.1:7070; default ${AddressVariable}");

    public Option<string?> Key { get; } = new("--key")
    {
        Description = $"The token that the server printed, an Entra token, or a function key; default ${KeyVariable}",
        HelpName = "KEY",
    };

    public void AddTo(Command command)
    {
        command.Add(Server);
        command.Add(Key);
    }

    /// <exception cref="InvalidInputException">No server is named.</exception>
    public RemoteServer Connect(ParseResult parsed)
    {
        Uri? given = parsed.GetValue(Server);
        if (given is null && Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } variable)
        {
            given = TryRead(variable) ?? throw new InvalidInputException($"${AddressVariable}: {variable}: must be an http or https address");
        }

        return given is null
            ? throw new InvalidInputException($"which server? Give --server, or set ${AddressVariable}")
            : new RemoteServer(given, parsed.GetValue(Key) ?? EnvironmentKey);
    }

    /// <summary>The key that the environment holds, or null.</summary>
    public static string? EnvironmentKey =>
        Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;

    /// <summary>An option that takes the address of a server.</summary>
    public static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = given =>
        {
            Uri? address = TryRead(given.Tokens[0].Value);
            if (address is null)
            {
                given.AddError($"{name} {given.Tokens[0].Value}: must be an http or https address");
            }

            return address;
        },
    };

    private static Uri? TryRead(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address : null;
}
