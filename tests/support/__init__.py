"""What tests share: databases, servers, clients, generated queries and what they are made of."""
