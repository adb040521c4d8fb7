using System.CommandLine;
using Rollouts.Cli.Commands;

namespace Rollouts.Cli.Remote;

/// <summary>Which server a command talks to.</summary>
internal sealed class ServerOptions
{
    public const string AddressVariable = "ROLLOUTS_SERVER";
    public const string KeyVariable = "ROLLOUTS_KEY";
    private const string KeyForm = "a key has only letters, digits and signs of ASCII, no space and no line break; look how it was read or copied";

    public Option<Uri?> Server { get; } = Address("--server", $"The server's address, for instance http://127.0.0.1:7070; default ${AddressVariable}");

    public Option<string?> Key { get; } = KeyOption($"The token that the server printed, an Entra token, or a function key; default ${KeyVariable}");

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
    /// <exception cref="InvalidInputException">It can't be sent.</exception>
    public static string? EnvironmentKey => Environment.GetEnvironmentVariable(KeyVariable) switch
    {
        null or "" => null,
        { } key when CanBeSent(key) => key,
        _ => throw new InvalidInputException($"${KeyVariable}: {KeyForm}"),
    };

    /// <summary>The option that takes a server's key.</summary>
    public static Option<string?> KeyOption(string description) => new Option<string?>("--key") { Description = description, HelpName = "KEY" }
        .Checked(text => CanBeSent(text) ? null : $"--key: {KeyForm}");

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

    // A key travels in a header. What is wrong with one is told without it.
    private static bool CanBeSent(string key) => key.All(c => c is > ' ' and <= '~');

    private static Uri? TryRead(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address : null;
}
